import { DataSource } from '@kivuko/platform'
import { Controller, Get, ServiceUnavailableException } from '@nestjs/common'

@Controller('healthz')
export class HealthController {
  constructor(private readonly dataSource: DataSource) {}

  @Get()
  async check(): Promise<string> {
    try {
      await this.dataSource.query('SELECT 1')
      return 'OK'
    } catch {
      throw new ServiceUnavailableException('the database does not answer')
    }
  }
}
