import { DataSource } from '@kivuko/platform'
import { Controller, Get, ServiceUnavailableException } from '@nestjs/common'
import { Anonymous } from '../access/requirement.js'

@Controller('healthz')
export class HealthController {
  constructor(private readonly dataSource: DataSource) {}

  @Get()
  @Anonymous()
  async check(): Promise<string> {
    try {
      await this.dataSource.query('SELECT 1')
      return 'OK'
    } catch {
      throw new ServiceUnavailableException('the database does not answer')
    }
  }
}
