import { Column, Entity, ManyToOne, PrimaryGeneratedColumn } from 'typeorm'
import { Owner } from './people/owner.entity'
@Entity()
export class Pet {
  @PrimaryGeneratedColumn() id: number
  @Column() name: string
  @Column() legs: number
  @ManyToOne(() => Owner, { nullable: true }) owner?: Owner
}
